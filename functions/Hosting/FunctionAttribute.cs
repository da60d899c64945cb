namespace BackupFunctions.App.Hosting;

/// <summary>Makes a method a function; its first parameter carries the trigger.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
