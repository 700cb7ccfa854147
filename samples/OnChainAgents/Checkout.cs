namespace OnChainAgents;

/// <summary>The folder this sample was built in, where the contracts are.</summary>
internal static class Checkout
{
    public static string Root
    {
        get
        {
            for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Sage.sln")))
                {
                    return folder.FullName;
                }
            }

            throw new DirectoryNotFoundException("The sample runs inside a clone of the project, where the contracts are.");
        }
    }
}
