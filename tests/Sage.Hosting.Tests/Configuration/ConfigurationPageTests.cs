using Microsoft.Extensions.Configuration;

namespace Sage.Hosting.Tests.Configuration;

/// <summary>The page for operators is what the options say.</summary>
[TestFixture]
internal sealed class ConfigurationPageTests
{
    // Set to write the page anew instead of comparing it.
    private const string WriteVariable = "SAGE_WRITE_PAGES";

    [Test]
    public void The_page_is_what_the_options_say()
    {
        string path = Path.Combine(Root(), "docs", "operations", "configuration.md");
        string page = ConfigurationPage.Render().ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.That(File.ReadAllText(path), Is.EqualTo(page), $"run this test with {WriteVariable}=1 to write the page anew");
    }

    [Test]
    public void The_example_of_the_page_is_known_to_the_last_key()
    {
        string example = ConfigurationPage.Render().Split("```json\n")[1].Split("```")[0];
        using MemoryStream stream = new(System.Text.Encoding.UTF8.GetBytes(example));
        List<string> problems = [];
        KeyCheck.Run(new ConfigurationBuilder().AddJsonStream(stream).Build().GetSection("Sage"), problems);

        Assert.That(problems, Is.Empty);
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sage.sln")))
        {
            folder = folder.Parent;
        }

        return folder!.FullName;
    }
}
