namespace BackupFunctions.Engine.Cluster;

/// <summary>What a requirement of a label selector demands.</summary>
public enum LabelOperator
{
    /// <summary>The label is there with one of the values.</summary>
    In,

    /// <summary>The label is missing, or has none of the values.</summary>
    NotIn,

    /// <summary>The label is there, whatever its value.</summary>
    Exists,

    /// <summary>The label is missing.</summary>
    DoesNotExist,
}
