namespace BackupFunctions.App.Hosting.Settings;

/// <summary>A named API key.</summary>
internal sealed record ApiKeySetting(string Name, AuthorizationLevel Level, Secret Key);
