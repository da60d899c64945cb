namespace BackupFunctions.Bench.Compare;

/// <summary>One measured process.</summary>
/// <param name="Program">Its name in the table.</param>
/// <param name="Tree"><see cref="Comparison.MixedTree"/> or <see cref="Comparison.SmallFilesTree"/>.</param>
/// <param name="Operation">What it did.</param>
/// <param name="Seconds">Wall clock, from the start of the process to its end.</param>
/// <param name="ProcessorSeconds">Of all its threads; tells what other work on the machine did to the wall clock.</param>
/// <param name="PeakBytes">Greatest resident memory.</param>
internal sealed record Sample(string Program, string Tree, string Operation, double Seconds, double ProcessorSeconds, long PeakBytes);
