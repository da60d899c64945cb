namespace BackupFunctions.App.Hosting;

/// <summary>The method runs for each message of the queue.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class QueueTriggerAttribute(string queueName) : Attribute
{
    public string QueueName { get; } = queueName;
}
