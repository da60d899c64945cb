namespace BackupFunctions.App.Hosting;

/// <summary>What a program that runs the app inside itself may change.</summary>
public sealed record FunctionAppOptions
{
    /// <summary>Where host.json, local.settings.json and the data folder lie; default the current folder.</summary>
    public string WorkingFolder { get; init; } = Directory.GetCurrentDirectory();

    /// <summary>Adds settings that win over files and environment.</summary>
    public Action<IConfigurationBuilder>? Configuration { get; init; }

    /// <summary>Adds or replaces (ClearProviders) where the log goes; default one line each to the standard output.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Makes the functions; default those of this app.</summary>
    internal Func<AppParts, IEnumerable<object>> Functions { get; init; } = Composition.CreateFunctions;
}
