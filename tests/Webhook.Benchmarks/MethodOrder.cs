namespace Webhook.Benchmarks;

/// <summary>
/// Writes the methods that reviews run, the most run first, for the compiler to put side by side (<c>src/Webhook/methods.order</c>): valgrind
/// counts the instructions of the published program. To be run anew when <c>MethodOrderTests</c> says that too many are gone; an old order
/// costs speed and nothing else.
/// </summary>
internal static class MethodOrder
{
    private const string Usage =
        """
        usage: order PATH > src/Webhook/methods.order

          PATH   the program, published with -p:StripSymbols=false; needs binutils and valgrind
        """;

    public static int Run(string[] arguments)
    {
        if (arguments is not [string binary])
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        using var callgrind = new Callgrind(binary);
        Count(callgrind.Program);
        HashSet<string> methods = Methods(binary);
        foreach (string line in Callgrind.Output("callgrind_annotate", "--threshold=100", callgrind.Dump(1)).Split('\n'))
        {
            // 1,234 ( 0.10%)  ???:Name [...], and behind the name of a method that calls itself 'level.
            if (line.Split("???:") is [_, string rest] && rest.Split(' ', '\'')[0] is string name && methods.Remove(name))
            {
                Console.WriteLine(name);
            }
        }

        return 0;
    }

    // What the first reviews do besides is left out.
    private static void Count(string counted)
    {
        using var server = new ServerProcess(counted, new Dictionary<string, string>());
        server.WaitUntilReady();
        using var client = new LoadClient(server.Port);
        foreach (string then in (ReadOnlySpan<string>)["--zero", "--dump"])
        {
            for (int i = 0; i < 200; i++)
            {
                client.Call(LoadClient.Request("/validate", SampleReviews.VirtualMachineUpdate(i + 1)), "\"allowed\":true"u8);
                client.Call(LoadClient.Request("/validate", SampleReviews.NodeNetworkConfigurationPolicyCreate(i + 1)), "\"allowed\":true"u8);
                client.Call(LoadClient.Request("/validate", SampleReviews.NetworkAttachmentDefinitionCreate(i + 1)), "\"allowed\":true"u8);
            }

            Callgrind.Control(server, then);
        }
    }

    // The names of what the compiler lays out: what is linked to it has an order of its own.
    private static HashSet<string> Methods(string binary)
    {
        var methods = new HashSet<string>(StringComparer.Ordinal);
        bool isManaged = false;
        foreach (string line in Callgrind.Output("nm", "--defined-only", "--numeric-sort", binary).Split('\n'))
        {
            if (line.Split(' ', 3) is [_, "t" or "T", string name])
            {
                isManaged = name == "__start___managedcode" || (isManaged && name != "__stop___managedcode");
                if (isManaged)
                {
                    methods.Add(name);
                }
            }
        }

        return methods;
    }
}
