using System.Reflection;
using BackupFunctions.App.Hosting.Queues;
using BackupFunctions.App.Hosting.Timers;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Hosting;

/// <summary>
/// All functions of the app, read once from the attributes on the given instances. The one place that uses reflection: the same
/// attributes are the declaration for every way of hosting.
/// </summary>
internal sealed class FunctionTable
{
    private FunctionTable(IReadOnlyList<QueueFunction> queues, IReadOnlyList<TimerFunction> timers, IReadOnlyList<HttpFunction> http) =>
        (Queues, Timers, Http) = (queues, timers, http);

    public IReadOnlyList<QueueFunction> Queues { get; }

    public IReadOnlyList<TimerFunction> Timers { get; }

    public IReadOnlyList<HttpFunction> Http { get; }

    public IEnumerable<string> Names => [.. Queues.Select(f => f.Name), .. Timers.Select(f => f.Name), .. Http.Select(f => f.Name)];

    /// <exception cref="InvalidOperationException">A declaration is wrong: a fault of this program.</exception>
    public static FunctionTable Read(IEnumerable<object> instances)
    {
        List<QueueFunction> queues = [];
        List<TimerFunction> timers = [];
        List<HttpFunction> http = [];
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (object instance in instances)
        {
            foreach (MethodInfo method in instance.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance))
            {
                if (method.GetCustomAttribute<FunctionAttribute>() is not { Name: var name })
                {
                    continue;
                }

                if (!names.Add(name))
                {
                    throw new InvalidOperationException($"There are two functions called {name}.");
                }

                ParameterInfo trigger = method.GetParameters().FirstOrDefault()
                    ?? throw new InvalidOperationException($"Function {name} has no parameter with a trigger.");
                if (trigger.GetCustomAttribute<QueueTriggerAttribute>() is { } queue)
                {
                    queues.Add(ReadQueue(instance, method, name, new QueueName(queue.QueueName)));
                }
                else if (trigger.GetCustomAttribute<TimerTriggerAttribute>() is { } timer)
                {
                    timers.Add(new TimerFunction(name, NCronTab.Parse(timer.Schedule), method.CreateDelegate<Func<TimerInfo, CancellationToken, Task>>(instance)));
                }
                else if (trigger.GetCustomAttribute<HttpTriggerAttribute>() is { } web)
                {
                    http.Add(new HttpFunction(
                        name, web.Level, [.. web.Methods.Select(verb => verb.ToUpperInvariant())], web.Route ?? name,
                        method.CreateDelegate<Func<HttpRequest, CancellationToken, Task<IResult>>>(instance)));
                }
                else
                {
                    throw new InvalidOperationException($"The first parameter of function {name} has no trigger.");
                }
            }
        }

        return new FunctionTable(queues, timers, http);
    }

    /// <summary>Only the functions of these names; null for all.</summary>
    /// <exception cref="Engine.Errors.BackupException">InvalidInput: a name that no function has.</exception>
    public FunctionTable Only(IReadOnlyCollection<string>? allowed)
    {
        if (allowed is null)
        {
            return this;
        }

        HashSet<string> wanted = new(allowed, StringComparer.OrdinalIgnoreCase);
        List<string> unknown = [.. wanted.Except(Names, StringComparer.OrdinalIgnoreCase)];
        return unknown.Count == 0
            ? new FunctionTable(
                [.. Queues.Where(f => wanted.Contains(f.Name))], [.. Timers.Where(f => wanted.Contains(f.Name))], [.. Http.Where(f => wanted.Contains(f.Name))])
            : throw new Engine.Errors.BackupException(
                Engine.Errors.ErrorKind.InvalidInput,
                $"There is no function {string.Join(", ", unknown)}.",
                $"Choose from {string.Join(", ", Names.Order(StringComparer.Ordinal))}.");
    }

    private static QueueFunction ReadQueue(object instance, MethodInfo method, string name, QueueName queue)
    {
        _ = QueueNames.Checked(queue);
        IPoisonHandler poison = instance as IPoisonHandler
            ?? throw new InvalidOperationException($"The class of function {name} does not say what becomes of poison messages.");
        return new QueueFunction(name, queue, method.CreateDelegate<Func<WorkMessage, CancellationToken, Task>>(instance), poison.OnPoisonAsync);
    }
}
