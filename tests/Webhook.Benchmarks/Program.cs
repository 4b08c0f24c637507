using BenchmarkDotNet.Running;
using Webhook.Benchmarks;

if (args is ["load", .. string[] rest])
{
    return LoadComparison.Run(rest);
}

if (args is ["view"])
{
    return PopulatedView.Run();
}

if (args is ["scale", .. string[] sizes])
{
    return ScaleComparison.Run(sizes);
}

if (args is ["order", .. string[] paths])
{
    return MethodOrder.Run(paths);
}

if (args is ["lines", .. string[] programs])
{
    return ColdLines.Run(programs);
}

BenchmarkSwitcher.FromAssembly(typeof(ReviewBenchmarks).Assembly).Run(args);
return 0;
