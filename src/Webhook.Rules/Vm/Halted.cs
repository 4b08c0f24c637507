using Webhook.Resources;

namespace Webhook.Rules.Vm;

/// <summary>Whether a machine stands still.</summary>
internal static class Halted
{
    /// <summary>
    /// Whether a machine is declared not to run and no instance of it is seen: one that was just told to stop still has its addresses.
    /// </summary>
    public static bool Is(VirtualMachine machine, RuleContext context) =>
        machine.IsHalted && context.Cluster.VirtualMachineInstance(machine.Namespace, machine.Name).Found is null;
}
