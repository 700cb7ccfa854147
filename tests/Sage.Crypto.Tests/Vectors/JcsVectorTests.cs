using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sage.Crypto.Tests.Vectors;

/// <summary>The SAGE canonical JSON vectors that RFC 8785 does not print itself; the whole file when it is there.</summary>
[TestFixture]
public sealed class JcsVectorTests
{
    [TestCase(
        """{"i":10,"z":-0,"e":1e21,"f":1.0,"g":0.1,"h":100000000000000000000,"j":123456789012345680000,"k":-1.5e-7}""",
        """{"e":1e+21,"f":1,"g":0.1,"h":100000000000000000000,"i":10,"j":123456789012345680000,"k":-1.5e-7,"z":0}""",
        "84e46e596f50c7dbd4a6f835370d4df1960a592abfda0146a9b4d398cc0dbc1e")]
    [TestCase(
        """{"€": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One", "😂": "Smiley", "\u0080": "Control", "ö": "Latin Small Letter O With Diaeresis", "\n": "Newline"}""",
        "{\"\\n\":\"Newline\",\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😂\":\"Smiley\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
        "81942f27c8bccedd6995f9f4bcbd37e3e88ccd1df8d360daf48ce460452ac71f")]
    public void The_SAGE_examples_hold(string json, string canonical, string sha256)
    {
        byte[] actual = JsonCanonicalizer.Canonicalize(Encoding.UTF8.GetBytes(json));
        Assert.That(Encoding.UTF8.GetString(actual), Is.EqualTo(canonical));
        Assert.That(Convert.ToHexStringLower(SHA256.HashData(actual)), Is.EqualTo(sha256));
    }

    [Test]
    public void Every_vector_of_the_SAGE_file_holds()
    {
        int count = 0;
        using JsonDocument document = Sage.Tests.ConformanceData.Json("sage-p1", "jcs.json");
        foreach (JsonElement vector in document.RootElement.GetProperty("vectors").EnumerateArray())
        {
            string name = vector.GetProperty("name").GetString()!;
            JsonElement output = vector.GetProperty("output");
            byte[] actual = JsonCanonicalizer.Canonicalize(Encoding.UTF8.GetBytes(vector.GetProperty("input").GetProperty("json").GetString()!));
            Assert.That(Encoding.UTF8.GetString(actual), Is.EqualTo(output.GetProperty("canonical").GetString()), name);
            Assert.That(Convert.ToHexStringLower(actual), Is.EqualTo(output.GetProperty("canonical_hex").GetString()), name);
            Assert.That(Convert.ToHexStringLower(SHA256.HashData(actual)), Is.EqualTo(output.GetProperty("sha256").GetString()), name);
            count++;
        }

        Assert.That(count, Is.EqualTo(4));
    }
}
