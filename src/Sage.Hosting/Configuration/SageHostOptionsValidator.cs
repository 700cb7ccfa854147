using Microsoft.Extensions.Options;

namespace Sage.Hosting;

/// <summary>Checks the bounds of every setting; the code is generated from the attributes.</summary>
[OptionsValidator]
internal sealed partial class SageHostOptionsValidator : IValidateOptions<SageHostOptions>
{
}
