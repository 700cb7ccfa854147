using Microsoft.Extensions.Configuration;

namespace Sage.Crypto;

/// <summary>What AddSage has already done to a service collection, so that doing it again changes nothing.</summary>
internal sealed class SageRegistration
{
    private readonly List<IConfiguration> bound = [];

    /// <summary>How messages name the options: the path of the configuration section they come from.</summary>
    public string Section { get; private set; } = "Sage";

    /// <summary>Whether a configuration is new here.</summary>
    public bool TryBind(IConfiguration configuration)
    {
        if (bound.Contains(configuration))
        {
            return false;
        }

        bound.Add(configuration);
        Section = configuration is IConfigurationSection section ? section.Path : "";
        return true;
    }

    /// <summary>The full name of an option.</summary>
    public string Key(string option) => Section.Length == 0 ? option : $"{Section}:{option}";
}
