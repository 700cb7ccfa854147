namespace Sage.Tests;

/// <summary>Finds the public test vectors, which are not part of this repository.</summary>
internal static class ConformanceData
{
    /// <summary>The path of a file under the folder that SAGE_CONFORMANCE_DATA names; skips (or fails) the test without it.</summary>
    public static string File(params string[] path)
    {
        string? root = Environment.GetEnvironmentVariable("SAGE_CONFORMANCE_DATA");
        if (string.IsNullOrEmpty(root) || !Directory.Exists(root))
        {
            const string How = "Set SAGE_CONFORMANCE_DATA to a folder with the conformance data (see CONTRIBUTING.md).";
            if (Environment.GetEnvironmentVariable("SAGE_REQUIRE_CONFORMANCE") == "1")
            {
                Assert.Fail(How);
            }

            Assert.Ignore(How);
        }

        return Path.Combine([root!, .. path]);
    }

    public static System.Text.Json.JsonDocument Json(params string[] path) =>
        System.Text.Json.JsonDocument.Parse(System.IO.File.ReadAllBytes(File(path)));
}
