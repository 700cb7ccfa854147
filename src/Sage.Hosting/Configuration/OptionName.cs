using System.ComponentModel.DataAnnotations;

namespace Sage.Hosting;

/// <summary>Writes names of options as keys of the configuration.</summary>
internal static class OptionName
{
    /// <summary>The section that everything is in.</summary>
    public const string Section = "Sage";

    /// <summary>The key of what is being validated: the generated validator names it <c>Sage.Registry.Chains[0].ChainId</c>.</summary>
    public static string Of(ValidationContext context) =>
        context.DisplayName.Replace("[", ":", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace('.', ':');
}
