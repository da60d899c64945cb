using System.Text;
using BackupFunctions.App.Hosting.Http;
using BackupFunctions.Engine.Catalog;
using BackupFunctions.Engine.Errors;
using BackupFunctions.Engine.Schedules;

namespace BackupFunctions.App.Http;

/// <summary>A schedule as a caller sends it: JSON, or the YAML that one would give to kubectl.</summary>
internal static class ScheduleBody
{
    public static async Task<VeleroSchedule> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentType?.Contains("yaml", StringComparison.OrdinalIgnoreCase) != true)
        {
            VeleroSchedule body = await RequestBody.ReadJsonAsync(request, CatalogJsonContext.Default.VeleroSchedule, cancellationToken);
            Requests.CheckKind(body.ApiVersion, body.Kind, "Schedule");
            return body;
        }

        using StreamReader reader = new(request.Body, Encoding.UTF8);
        return ScheduleFile.Parse(await reader.ReadToEndAsync(cancellationToken), "The body") is [VeleroSchedule only]
            ? only
            : throw new BackupException(ErrorKind.InvalidInput, "The body does not hold exactly one schedule.", "Send each schedule by itself.");
    }
}
