using System.CommandLine;

var root = new RootCommand("Judges NodeNetworkConfigurationPolicies, NetworkAttachmentDefinitions and VirtualMachines for InfoScale.");
return await root.Parse(args).InvokeAsync();
