using System.Diagnostics;
using System.Runtime.InteropServices;
using FsCheck.Fluent;
using Sage.Did.Ethereum.Abi;

namespace Sage.Did.Ethereum.Tests.Properties;

/// <summary>Random arguments against Foundry's cast, an implementation that shares nothing with this one.</summary>
[TestFixture]
internal sealed class CastTests
{
    private const int Cases = 100;

    private static string Cast => Checkout.File("contracts", "node_modules", "@foundry-rs", "cast-linux-amd64", "bin", "cast");

    [Test]
    public void Random_arguments_encode_as_cast_encodes_them()
    {
        RequireCast();
        int bytes = 0;
        using (Assert.EnterMultipleScope())
        {
            foreach ((AbiType type, AbiValue value) in AbiGenerators.Arguments.Sample(Cases, 20))
            {
                string[] literals = [.. value.Items!.Select((item, i) => AbiGenerators.Literal(type.Components[i], item, outermost: true))];
                byte[] expected = Convert.FromHexString(Run(["abi-encode", "--", $"f{type}", .. literals]).AsSpan(2));
                Assert.That(AbiCodec.Encode(type, value), Is.EqualTo(expected), $"{type}: {string.Join(' ', literals)}");
                Assert.That(AbiCodec.TryDecode(type, expected, out _), Is.True, $"{type}: {string.Join(' ', literals)}");
                bytes += expected.Length;
            }
        }

        TestContext.Out.WriteLine($"{Cases} random encodings, {bytes:N0} bytes, are those of cast");
    }

    [TestCase("transfer(address,uint256)")]
    [TestCase("register(string,(string,bytes)[])")]
    public void Selectors_are_those_of_cast(string signature)
    {
        RequireCast();

        Assert.That("0x" + Convert.ToHexStringLower(AbiSignature.Parse(signature).Selector), Is.EqualTo(Run(["sig", signature])));
    }

    private static void RequireCast()
    {
        if (File.Exists(Cast))
        {
            return;
        }

        string how = $"cast is not installed: run 'npm ci' in the folder contracts (Linux on x64), which brings {Path.GetRelativePath(Checkout.Root, Cast)}.";
        bool supported = OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64;
        if (supported && Environment.GetEnvironmentVariable("CI") is ("true" or "1"))
        {
            Assert.Fail(how);
        }

        Assert.Ignore(how);
    }

    private static string Run(IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(Cast, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, errors.Result);
        return output;
    }
}
