using System.Diagnostics;

namespace OnChainAgents;

/// <summary>Finds the program of the local node: the one that <c>SAGE_ANVIL</c> names, or the one that npm brings for the contracts (Linux x64).</summary>
internal static class Anvil
{
    public static async Task<string> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("SAGE_ANVIL") is { Length: > 0 } named)
        {
            return File.Exists(named) ? named : throw new FileNotFoundException($"SAGE_ANVIL names '{named}', which does not exist.");
        }

        string contracts = Path.Combine(Checkout.Root, "contracts");
        string program = Path.Combine(contracts, "node_modules", "@foundry-rs", "anvil-linux-amd64", "bin", "anvil");
        if (!File.Exists(program))
        {
            Console.WriteLine("The local node is missing; npm fetches it, once.");
            using Process install = Process.Start("npm", ["--prefix", contracts, "ci", "--no-audit", "--no-fund"]);
            await install.WaitForExitAsync();
        }

        return File.Exists(program) ? program : throw new FileNotFoundException("npm brought no anvil for this system; name one in SAGE_ANVIL.");
    }
}
