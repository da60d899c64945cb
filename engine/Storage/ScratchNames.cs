using System.Security.Cryptography;

namespace BackupFunctions.Engine.Storage;

/// <summary>Names for blobs that only try something out; below one of the folders that Velero expects in its bucket.</summary>
internal static class ScratchNames
{
    private const string Folder = "metadata/backup-functions/";
    private const int RandomDigits = 16;

    internal static BlobName New() => BlobName.Parse(Folder + "check-" + RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true));
}
