namespace BackupFunctions.App.Hosting;

/// <summary>The method runs by the clock: NCRONTAB with seconds, <c>{second} {minute} {hour} {day} {month} {day of week}</c>, UTC.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : Attribute
{
    public string Schedule { get; } = schedule;
}
