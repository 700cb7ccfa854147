namespace Sage.Did.Ethereum.Tests;

/// <summary>Files of this repository beside the test's own.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    public static string File(params string[] path) => Path.Combine([Root, .. path]);

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Sage.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("Sage.sln is in no folder above the tests.");
    }
}
