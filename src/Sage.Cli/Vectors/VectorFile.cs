using System.Text.Json;
using Sage.Crypto.Internal;

namespace Sage.Cli;

/// <summary>Runs one file of SAGE P1 vectors.</summary>
internal static class VectorFile
{
    private const int MaximumSize = 4 * 1024 * 1024;

    private const string SpecVersion = "1.0.0-draft.1";

    private static readonly VectorSuite[] Suites =
    [
        CryptoVectors.Suite,
        JcsVectors.Suite,
        HpkeVectors.Suite,
        SessionVectors.Suite,
        DidVectors.Suite,
        HttpSignatureVectors.Suite,
    ];

    public static async Task<IReadOnlyList<VectorResult>> CheckAsync(string path, CancellationToken cancellationToken)
    {
        string name = Path.GetFileName(path);
        try
        {
            byte[]? content = await AtomicFile.ReadAsync(path, MaximumSize, cancellationToken);
            if (content is null || !StrictJson.TryParse(content, MaximumSize, out JsonDocument? document))
            {
                return [new VectorResult(name, null, "the file is not JSON")];
            }

            using (document)
            {
                return Check(name, document.RootElement);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or VectorMismatchException)
        {
            return [new VectorResult(name, null, failure.Message)];
        }
    }

    private static List<VectorResult> Check(string file, JsonElement root)
    {
        VectorObject members = new(root, "file");
        string suiteName = members.Text("suite");
        VectorSuite suite = Array.Find(Suites, known => known.Name == suiteName)
            ?? throw new VectorMismatchException($"the suite {suiteName} is not known");
        members.Expect("spec_version", SpecVersion);
        JsonElement vectors = root.TryGetProperty("vectors", out JsonElement list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0
            ? list
            : throw new VectorMismatchException("the file has no vectors");
        return [.. vectors.EnumerateArray().Select((element, index) => Check(file, suite, element, index))];
    }

    private static VectorResult Check(string file, VectorSuite suite, JsonElement element, int index)
    {
        string name = $"#{index + 1}";
        try
        {
            VectorCase vector = new(element);
            name = vector.Name;
            if (!suite.Checks.TryGetValue(name, out Action<VectorCase>? check))
            {
                throw new VectorMismatchException("the vector is not known");
            }

            check(vector);
            vector.Input.RequireAllUsed();
            vector.Output.RequireAllUsed();
            return new VectorResult(file, name, null);
        }
        catch (Exception problem) when (problem is VectorMismatchException or FormatException or ArgumentException or OverflowException)
        {
            return new VectorResult(file, name, problem.Message);
        }
    }
}
