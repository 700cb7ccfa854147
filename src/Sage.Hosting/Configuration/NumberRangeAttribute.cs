using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Sage.Hosting;

/// <summary>The bounds of a number, both included.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NumberRangeAttribute(long least, long most) : ValidationAttribute
{
    /// <summary>The bounds in words.</summary>
    public string Allowed { get; } = most == long.MaxValue
        ? string.Create(CultureInfo.InvariantCulture, $"at least {least:N0}")
        : string.Create(CultureInfo.InvariantCulture, $"from {least:N0} to {most:N0}");

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is null || (Convert.ToInt64(value, CultureInfo.InvariantCulture) is long number && number >= least && number <= most)
            ? ValidationResult.Success
            : new ValidationResult($"'{OptionName.Of(validationContext)}' must be {Allowed}.");
}
