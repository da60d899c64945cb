namespace BackupFunctions.Engine.Schedules;

/// <summary>The schedules that apply when none are configured.</summary>
public static class DefaultSchedules
{
    /// <summary>Velero Schedule objects; times are UTC.</summary>
    public const string Yaml = """
        apiVersion: velero.io/v1
        kind: Schedule
        metadata:
          name: daily-stateful
          namespace: velero
        spec:
          schedule: "0 3 * * *"
          template:
            includedNamespaces:
              - arr
              - monitoring
              - auth
            defaultVolumesToFsBackup: true
            ttl: 168h0m0s
        ---
        apiVersion: velero.io/v1
        kind: Schedule
        metadata:
          name: weekly-full
          namespace: velero
        spec:
          schedule: "0 4 * * 0"
          template:
            includedNamespaces:
              - "*"
            excludedNamespaces:
              - kube-system
              - kube-public
            defaultVolumesToFsBackup: true
            ttl: 720h0m0s
        """;
}
