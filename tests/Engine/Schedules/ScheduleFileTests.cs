using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Schedules;
using Xunit;

namespace BackupFunctions.Tests.Engine.Schedules;

public sealed class ScheduleFileTests
{
    private const string Good = """
        apiVersion: velero.io/v1
        kind: Schedule
        metadata:
          name: a
          labels:
            app.kubernetes.io/part-of: backups
        spec:
          schedule: '@daily'
          paused: true
          template:
            includedNamespaces: [x, "y*"]
            labelSelector:
              matchExpressions:
                - {key: app, operator: In, values: [a]}
            ttl: 24h
            hooks:
              resources:
                - name: freeze
                  pre:
                    - exec:
                        command: [/bin/sync]
                        timeout: 10s
        """;

    [Fact]
    public void The_default_schedules_are_those_of_the_first_user()
    {
        IReadOnlyList<VeleroSchedule> schedules = ScheduleFile.Parse(DefaultSchedules.Yaml, "defaults");
        Assert.Equal(["daily-stateful", "weekly-full"], schedules.Select(schedule => schedule.Name));
        Assert.Equal(["0 3 * * *", "0 4 * * 0"], schedules.Select(schedule => schedule.Spec.Schedule));
        Assert.Equal(["arr", "monitoring", "auth"], schedules[0].Spec.Template.IncludedNamespaces);
        Assert.Equal(["kube-system", "kube-public"], schedules[1].Spec.Template.ExcludedNamespaces);
        Assert.Equal([TimeSpan.FromDays(7), TimeSpan.FromDays(30)], schedules.Select(schedule => schedule.Spec.Template.Ttl));
        Assert.All(schedules, schedule => Assert.True(schedule.Spec.Template.DefaultVolumesToFsBackup));
    }

    [Fact]
    public void Reads_everything_a_schedule_may_say()
    {
        VeleroSchedule schedule = Assert.Single(ScheduleFile.Parse(Good, "file"));
        Assert.True(schedule.Spec.Paused);
        Assert.Equal("backups", schedule.Metadata.Label("app.kubernetes.io/part-of"));
        Assert.Equal(["x", "y*"], schedule.Spec.Template.IncludedNamespaces);
        Assert.Equal("app in (a)", schedule.Spec.Template.LabelSelector?.ToText());
        Assert.Equal(TimeSpan.FromSeconds(10), schedule.Spec.Template.Hooks.Resources![0].Pre![0].Exec!.Timeout);
    }

    [Theory]
    [InlineData("  paused: true", "  pausd: true", "line 9", "spec.pausd")]
    [InlineData("    ttl: 24h", "    TTL: 24h", "line 15", "spec.template.TTL")]
    [InlineData("    ttl: 24h", "    ttl: tomorrow", "line 15", "spec.template.ttl")]
    [InlineData("    ttl: 24h", "    ttl: -24h", "line 15", "negative")]
    [InlineData("{key: app,", "{keys: app,", "line 14", "keys")]
    [InlineData("                timeout: 10s", "                timeouts: 10s", "line 22", "timeouts")]
    [InlineData("part-of: backups", "part-of: 1", "line 6", "app.kubernetes.io/part-of")]
    [InlineData("'@daily'", "'0 4 * * 7'", "line 8", "Sunday is 0")]
    [InlineData("'@daily'", "", "line 8", "non-empty")]
    [InlineData("  name: a", "  name: A/b", "line 4", "'A/b'")]
    [InlineData("kind: Schedule", "kind: Backup", "line 2", "not 'Backup'")]
    [InlineData("apiVersion: velero.io/v1", "apiVersion: v1", "line 1", "velero.io/v1")]
    [InlineData("  paused: true", "  paused: perhaps", "line 9", "spec.paused")]
    [InlineData("spec:", "name: b\nspec:", "line 7", "'name' is unknown")]
    [InlineData("  paused: true", "  paused: [", "line", "YAML")]
    [InlineData("[x, \"y*\"]", "[x, null]", "line 11", "includedNamespaces")]
    public void What_is_not_understood_is_an_error_with_its_line(string old, string replacement, string line, string problem)
    {
        Assert.Contains(old, Good, StringComparison.Ordinal);
        BackupException error = Assert.Throws<BackupException>(() => ScheduleFile.Parse(Good.Replace(old, replacement, StringComparison.Ordinal), "schedules.yaml"));
        Assert.Equal(ErrorKind.InvalidInput, error.Kind);
        Assert.Contains("schedules.yaml", error.Message, StringComparison.Ordinal);
        Assert.Contains(line, error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_second_document_s_lines_count_from_the_start_of_the_file()
    {
        string two = $"# first\n{Good}\n---\n# empty\n---\n{Good.Replace("name: a", "name: b", StringComparison.Ordinal).Replace("ttl", "tll", StringComparison.Ordinal)}";
        BackupException error = Assert.Throws<BackupException>(() => ScheduleFile.Parse(two, "f"));
        Assert.Contains($"line {1 + 22 + 3 + 15}:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_schedules_of_one_name_are_refused() =>
        Assert.Contains("another schedule named 'a'", Assert.Throws<BackupException>(() => ScheduleFile.Parse($"{Good}\n---\n{Good}", "f")).Message, StringComparison.Ordinal);

    [Fact]
    public void An_empty_file_has_no_schedules() => Assert.Empty(ScheduleFile.Parse("# nothing\n", "f"));
}
