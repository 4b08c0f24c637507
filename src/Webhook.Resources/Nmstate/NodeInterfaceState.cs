namespace Webhook.Resources.Nmstate;

/// <summary>What shall become of an interface (nmstate/nmstate rust/src/lib/state.rs, <c>InterfaceState</c>).</summary>
public enum NodeInterfaceState
{
    /// <summary>It shall be there and run; also the meaning where nothing is said.</summary>
    Up,

    /// <summary>It shall be there and not run.</summary>
    Down,

    /// <summary>It shall go: nothing else in its entry counts.</summary>
    Absent,

    /// <summary>nmstate leaves it as it is: nothing else in its entry counts.</summary>
    Ignored,
}
