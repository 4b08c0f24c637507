using System.Reflection;
using System.Text.RegularExpressions;
using Webhook.Admission;
using Webhook.Resources.Json;
using Webhook.Rules;

namespace Webhook.Tests;

/// <summary><c>src/Webhook/methods.order</c> tells the compiler which methods to put side by side. It passes over names that it does not know.</summary>
public sealed partial class MethodOrderTests
{
    private static readonly Assembly[] Own = [typeof(AdmissionReview).Assembly, typeof(Rule).Assembly, typeof(Field).Assembly];

    [Fact]
    public void Nine_of_ten_methods_of_ours_in_the_order_still_exist()
    {
        string[] ordered =
        [
            .. File.ReadLines(Path.Combine(Golden.Checkout, "src/Webhook/methods.order"))
                .Where(static name => Own.Any(own => name.StartsWith(Mangled(own.GetName().Name!) + "_", StringComparison.Ordinal))),
        ];
        HashSet<string> existing = [.. Own.SelectMany(MethodsOf)];
        string[] gone = [.. ordered.Where(name => !existing.Contains(name) && !existing.Contains(Overload().Replace(TypeArguments().Replace(name, ""), "")))];
        Assert.InRange(ordered.Length, 400, 2_000);
        Assert.True(
            10 * gone.Length <= ordered.Length,
            $"{gone.Length} of {ordered.Length} are gone, {string.Join(", ", gone.Take(3))}: make the file anew, dotnet run -c Release --project tests/Webhook.Benchmarks -- order");
    }

    // As ILC names them: whatever is no letter, digit or underscore is one (dotnet/runtime src/coreclr/tools/aot/ILCompiler.Compiler/Compiler/NativeAotNameMangler.cs).
    private static string Mangled(string name) => Symbols().Replace(name, "_");

    private static IEnumerable<string> MethodsOf(Assembly assembly) =>
        from type in assembly.GetTypes()
        from method in type.GetMembers(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).OfType<MethodBase>()
        select $"{Mangled(assembly.GetName().Name!)}_{Mangled(type.FullName!)}__{Mangled(method.Name)}";

    [GeneratedRegex("[^A-Za-z0-9_]")]
    private static partial Regex Symbols();

    [GeneratedRegex("<.*>")]
    private static partial Regex TypeArguments();

    [GeneratedRegex("_[0-9]+$")]
    private static partial Regex Overload();
}
