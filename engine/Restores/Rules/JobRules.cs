using System.Text.Json.Nodes;
using BackupFunctions.Engine.Cluster;

namespace BackupFunctions.Engine.Restores.Rules;

/// <summary>Jobs: finished ones and a CronJob's stay out; others lose the selector that named the old object.</summary>
internal static class JobRules
{
    private static readonly string[] ControllerUidLabels = ["controller-uid", "batch.kubernetes.io/controller-uid"];

    public static RuleResult Apply(KubeObject job, RuleContext context)
    {
        if (job.TextAt("status", "completionTime") is not null)
        {
            return RuleResult.Skip("it had ended");
        }

        if (ItemRules.IsMadeAgain(job, context))
        {
            return RuleResult.Skip("its controller makes it again");
        }

        RemoveLabels(job.NodeAt("spec", "selector", "matchLabels"));
        RemoveLabels(job.NodeAt("spec", "template", "metadata", "labels"));
        return RuleResult.Restore;
    }

    private static void RemoveLabels(JsonNode? labels)
    {
        if (labels is JsonObject map)
        {
            foreach (string label in ControllerUidLabels)
            {
                map.Remove(label);
            }
        }
    }
}
