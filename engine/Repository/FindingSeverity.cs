namespace BackupFunctions.Engine.Repository;

/// <summary>How bad a finding of verification or repair is.</summary>
public enum FindingSeverity
{
    /// <summary>Stored bytes that something needs, or that something is known by, are wrong or gone.</summary>
    Damage,

    /// <summary>Nothing needs it: left over, foreign, or odd. Maintenance removes much of it in time.</summary>
    Harmless,
}
