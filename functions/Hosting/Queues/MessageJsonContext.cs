using System.Text.Json.Serialization;
using BackupFunctions.Engine.Work;

namespace BackupFunctions.App.Hosting.Queues;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(WorkMessage))]
internal sealed partial class MessageJsonContext : JsonSerializerContext;
