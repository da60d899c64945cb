namespace BackupFunctions.Tests.Contracts;

internal enum StoreOperation
{
    Info,
    Get,
    Put,
    Delete,
    List,
}
