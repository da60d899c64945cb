using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Retention;
using Xunit;

namespace BackupFunctions.Tests.Engine.Retention;

public sealed class ExpiredBackupsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(BackupPhase.Completed)]
    [InlineData(BackupPhase.PartiallyFailed)]
    [InlineData(BackupPhase.Failed)]
    [InlineData(BackupPhase.Deleting)]
    [InlineData("WordOfANewerVelero")]
    public void Whatever_its_phase_an_expired_backup_goes(string phase)
    {
        RetentionPlan plan = ExpiredBackups.Select([Backup("a", phase, TimeSpan.Zero)], [], Now);
        BackupDeletion deletion = Assert.Single(plan.Delete);
        Assert.Equal("a", deletion.Backup.Name);
        Assert.Equal("expired at 2026-01-02T03:04:05Z", deletion.Reason);
        Assert.Empty(plan.Spared);
    }

    [Fact]
    public void A_backup_stays_until_its_expiration_and_for_ever_without_one()
    {
        RetentionPlan plan = ExpiredBackups.Select(
            [Backup("later", BackupPhase.Completed, TimeSpan.FromSeconds(1)), new VeleroBackup { Metadata = new ObjectMetadata { Name = "never" } }], [], Now);
        Assert.Empty(plan.Delete);
        Assert.Empty(plan.Spared);
    }

    [Fact]
    public void Oldest_go_first()
    {
        RetentionPlan plan = ExpiredBackups.Select(
            [Backup("b", BackupPhase.Completed, TimeSpan.FromDays(-1)), Backup("a", BackupPhase.Completed, TimeSpan.FromDays(-2))], [], Now);
        Assert.Equal(["a", "b"], plan.Delete.Select(deletion => deletion.Backup.Name));
    }

    [Theory]
    [InlineData(BackupPhase.InProgress)]
    [InlineData(BackupPhase.Finalizing)]
    [InlineData(BackupPhase.WaitingForPluginOperations)]
    [InlineData(null)]
    public void A_running_backup_is_spared_until_it_must_be_dead(string? phase)
    {
        RetentionPlan plan = ExpiredBackups.Select(
            [Backup("alive", phase, TimeSpan.FromHours(-23)), Backup("dead", phase, TimeSpan.FromHours(-24))], [], Now);
        Assert.Equal("alive", Assert.Single(plan.Spared).Backup.Name);
        Assert.Contains(phase ?? "New", plan.Spared[0].Reason, StringComparison.Ordinal);
        Assert.Equal("dead", Assert.Single(plan.Delete).Backup.Name);
    }

    [Fact]
    public void Its_restores_go_with_it_unless_one_is_still_reading()
    {
        RetentionPlan plan = ExpiredBackups.Select(
            [Backup("a", BackupPhase.Completed, TimeSpan.Zero), Backup("b", BackupPhase.Completed, TimeSpan.Zero)],
            [Restore("r1", "a", RestorePhase.Completed), Restore("r2", "a", RestorePhase.Failed), Restore("r3", "b", RestorePhase.InProgress), Restore("r4", "c", RestorePhase.Completed)],
            Now);
        Assert.Equal(["r1", "r2"], Assert.Single(plan.Delete).Restores.Select(restore => restore.Name));
        Assert.Equal("the restore r3 is reading it", Assert.Single(plan.Spared).Reason);
    }

    private static VeleroBackup Backup(string name, string? phase, TimeSpan expiresIn) => new()
    {
        Metadata = new ObjectMetadata { Name = name },
        Status = new BackupStatus { Phase = phase, Expiration = Now + expiresIn },
    };

    private static VeleroRestore Restore(string name, string backup, string phase) => new()
    {
        Metadata = new ObjectMetadata { Name = name },
        Spec = new RestoreSpec { BackupName = backup },
        Status = new RestoreStatus { Phase = phase },
    };
}
