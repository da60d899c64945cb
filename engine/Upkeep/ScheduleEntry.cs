using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;

namespace BackupFunctions.Engine.Upkeep;

/// <summary>One schedule of a listing: its object, or what is wrong with it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schedule">The Schedule object with its status, paused or not as it holds now; null when it cannot be read.</param>
/// <param name="IsConfigured">Whether it comes from the configuration (else it was created through the app and lies in the bucket).</param>
/// <param name="Problem">Why it cannot be carried out; null when it can.</param>
public sealed record ScheduleEntry(string Name, VeleroSchedule? Schedule, bool IsConfigured, BackupException? Problem);
