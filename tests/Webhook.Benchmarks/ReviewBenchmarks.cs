using BenchmarkDotNet.Attributes;
using Webhook.Enforcement;
using Webhook.Resources;
using Webhook.Resources.Json;
using Webhook.Rules;

namespace Webhook.Benchmarks;

/// <summary>Time and allocation of the steps of one review, per kind: decode the bytes, judge the object, and the whole answer.</summary>
[MemoryDiagnoser]
public class ReviewBenchmarks
{
    private readonly DateTimeOffset _now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);
    private byte[] _body = [];
    private Field _request;

    /// <summary>The kind under review.</summary>
    [Params("VirtualMachine", "NetworkAttachmentDefinition", "NodeNetworkConfigurationPolicy")]
    public string Kind { get; set; } = "";

    /// <summary>Makes the review.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _body = Kind switch
        {
            "VirtualMachine" => SampleReviews.VirtualMachineUpdate(1),
            "NetworkAttachmentDefinition" => SampleReviews.NetworkAttachmentDefinitionCreate(1),
            _ => SampleReviews.NodeNetworkConfigurationPolicyCreate(1),
        };
        _request = Field.Parse(_body)["request"];
    }

    /// <summary>Bytes to JSON.</summary>
    [Benchmark]
    public string? Decode() => Field.Parse(_body)["request"]["uid"].Text;

    /// <summary>JSON to findings.</summary>
    [Benchmark]
    public Judgement JudgeObject()
    {
        KubernetesObject subject = ResourceKinds.View(_request["object"].At(FieldPath.Root))!;
        KubernetesObject? old = ResourceKinds.View(_request["oldObject"].At(FieldPath.Root));
        return Judge.Evaluate(
            subject,
            new RuleContext { Now = _now, Operation = old is null ? Operation.Create : Operation.Update, Old = old },
            EnforcementSettings.Default);
    }
}
