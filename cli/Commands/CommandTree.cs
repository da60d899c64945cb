using System.CommandLine;
using BackupFunctions.Cli.Client;
using BackupFunctions.Cli.Commands.Repo;
using BackupFunctions.Cli.Demo;

namespace BackupFunctions.Cli.Commands;

/// <summary>All commands: <c>noun verb</c>, and <c>verb noun</c> where Velero has both.</summary>
internal sealed class CommandTree(CommandRunner runner, ConnectionOptions connection, Func<ParseResult, IBackupClient> connect)
{
    private const string Description = "Backups of Kubernetes clusters, in Velero's and Kopia's own format";

    /// <summary>The tree with <c>repo</c> alone, without the options that have no effect on it; it is ready at once.</summary>
    public static RootCommand BuildRepo(CommandRunner runner, ConnectionOptions connection)
    {
        RootCommand root = new(Description) { RepoCommands.Create(RepoCommands.Name, runner, connection) };
        root.Options.Add(connection.Store);
        root.Options.Add(connection.PasswordFile);
        return root;
    }

    public RootCommand Build()
    {
        RootCommand root = new(Description);
        foreach (Option option in connection.All)
        {
            root.Options.Add(option);
        }

        root.Add(Group("backup", "backups", "Backups", BackupCreateCommand.Create("create", runner), Common(Nouns.Backup), Run(Nouns.Backup)));
        root.Add(Group("restore", "restores", "Restores", RestoreCreateCommand.Create("create", runner), Common(Nouns.Restore), Run(Nouns.Restore)));
        root.Add(Group("schedule", "schedules", "Schedules", ScheduleCreateCommand.Create("create", runner), Common(Nouns.Schedule), ScheduleVerbs()));
        root.Add(new Command("store", "The object store") { StoreCheckCommand.Create("check", runner) });
        root.Add(Verb("create", "Create a backup, restore or schedule", BackupCreateCommand.Create, RestoreCreateCommand.Create, ScheduleCreateCommand.Create));
        root.Add(Verb("get", "List backups, restores or schedules", name => GetCommand.Create(name, Nouns.Backup, runner), name => GetCommand.Create(name, Nouns.Restore, runner), name => GetCommand.Create(name, Nouns.Schedule, runner)));
        root.Add(Verb("describe", "Describe backups, restores or schedules", name => DescribeCommand.Create(name, Nouns.Backup, runner), name => DescribeCommand.Create(name, Nouns.Restore, runner), name => DescribeCommand.Create(name, Nouns.Schedule, runner)));
        root.Add(Verb("delete", "Delete backups, restores or schedules", name => DeleteCommand.Create(name, Nouns.Backup, runner), name => DeleteCommand.Create(name, Nouns.Restore, runner), name => DeleteCommand.Create(name, Nouns.Schedule, runner)));
        root.Add(RepoCommands.Create(RepoCommands.Name, runner, connection));
        root.Add(DemoCommand.Create("demo", runner));
        root.Add(VersionCommand.Create("version", runner, connect));
        return root;
    }

    private IEnumerable<Command> Common<T>(Noun<T> noun) =>
        [GetCommand.Create("get", noun, runner), DescribeCommand.Create("describe", noun, runner), DeleteCommand.Create("delete", noun, runner)];

    private IEnumerable<Command> Run<T>(RunNoun<T> noun) => [LogsCommand.Create("logs", noun, runner), CancelCommand.Create("cancel", noun, runner)];

    private IEnumerable<Command> ScheduleVerbs() =>
        [ScheduleRunCommand.Create("run", runner), SchedulePauseCommand.Create("pause", paused: true, runner), SchedulePauseCommand.Create("unpause", paused: false, runner)];

    private static Command Group(string name, string plural, string description, Command create, params IEnumerable<Command>[] verbs)
    {
        Command group = new(name, description) { create };
        group.Aliases.Add(plural);
        foreach (Command verb in verbs.SelectMany(verb => verb))
        {
            group.Add(verb);
        }

        return group;
    }

    private Command Verb(string name, string description, Func<string, CommandRunner, Command> backup, Func<string, CommandRunner, Command> restore, Func<string, CommandRunner, Command> schedule) =>
        Verb(name, description, noun => backup(noun, runner), noun => restore(noun, runner), noun => schedule(noun, runner));

    private static Command Verb(string name, string description, Func<string, Command> backup, Func<string, Command> restore, Func<string, Command> schedule)
    {
        Command verb = new(name, description);
        foreach ((string noun, Func<string, Command> make) in new[] { ("backup", backup), ("restore", restore), ("schedule", schedule) })
        {
            Command command = make(noun);
            command.Aliases.Add(noun + "s");
            verb.Add(command);
        }

        return verb;
    }
}
