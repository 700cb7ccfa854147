using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Sage.Hosting;

/// <summary>The bounds of a duration, both included.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationRangeAttribute(string least, string most) : ValidationAttribute
{
    private readonly TimeSpan least = TimeSpan.Parse(least, CultureInfo.InvariantCulture);
    private readonly TimeSpan most = TimeSpan.Parse(most, CultureInfo.InvariantCulture);

    /// <summary>The bounds in words.</summary>
    public string Allowed { get; } = $"from {least} to {most}";

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is null || (value is TimeSpan duration && duration >= least && duration <= most)
            ? ValidationResult.Success
            : new ValidationResult($"'{OptionName.Of(validationContext)}' must be {Allowed} (days.hours:minutes:seconds).");
}
