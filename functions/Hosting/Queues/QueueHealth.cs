namespace BackupFunctions.App.Hosting.Queues;

/// <summary>Tells once that the queues stopped answering, and once that they answer again, however many look into them.</summary>
internal sealed class QueueHealth(string displayName, ILogger logger)
{
    private int failing;

    public void Failed(Exception cause)
    {
        if (Interlocked.Exchange(ref failing, 1) == 0)
        {
            Log.QueueFailing(logger, displayName, cause.Message);
        }
    }

    public void Answered()
    {
        if (Volatile.Read(ref failing) == 1 && Interlocked.Exchange(ref failing, 0) == 1)
        {
            Log.QueueAnswersAgain(logger, displayName);
        }
    }
}
