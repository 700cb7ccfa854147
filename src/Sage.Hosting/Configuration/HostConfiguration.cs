using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Sage.Hosting;

/// <summary>Reads the section <c>Sage</c>, or says everything that is wrong with it.</summary>
internal static class HostConfiguration
{
    /// <summary>Reads and checks.</summary>
    /// <exception cref="OptionsValidationException">Something is wrong; its failures name each key and what to do, and repeat no value.</exception>
    public static SageHostOptions Read(IConfigurationSection section, HostSurroundings surroundings)
    {
        List<string> problems = [];
        KeyCheck.Run(section, problems);
        SageHostOptions? options = problems.Count == 0 ? Bind(section, surroundings, problems) : null;
        return problems.Count == 0
            ? options!
            : throw new OptionsValidationException(OptionName.Section, typeof(SageHostOptions), problems);
    }

    private static SageHostOptions Bind(IConfigurationSection section, HostSurroundings surroundings, List<string> problems)
    {
        SageHostOptions options = new();
        section.Bind(options);
        if (new SageHostOptionsValidator().Validate(OptionName.Section, options).Failures is { } failures)
        {
            problems.AddRange(failures);
        }

        new HostRules(options, surroundings, problems).Run();
        return options;
    }
}
