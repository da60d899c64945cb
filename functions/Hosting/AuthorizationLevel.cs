namespace BackupFunctions.App.Hosting;

/// <summary>Which key an HTTP function asks for.</summary>
public enum AuthorizationLevel
{
    /// <summary>None.</summary>
    Anonymous,

    /// <summary>Any key.</summary>
    Function,

    /// <summary>A key of level admin.</summary>
    Admin,
}
