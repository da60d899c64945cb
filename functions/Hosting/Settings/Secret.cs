namespace BackupFunctions.App.Hosting.Settings;

/// <summary>A value that never shows in a text. <c>default</c> is no secret.</summary>
internal readonly struct Secret(string value)
{
    /// <summary>The value itself, for the one place that needs it.</summary>
    public string Reveal() => value;

    public override string ToString() => "(hidden)";
}
