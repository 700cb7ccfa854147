using Microsoft.FeatureManagement;

namespace Sage.Hosting;

/// <summary>Gives feature management the switches of the configuration that counts, and no other.</summary>
internal sealed class SwitchDefinitions(LiveConfiguration configuration) : IFeatureDefinitionProvider
{
    private static readonly Dictionary<string, FeatureDefinition> On = SageFeatures.All.ToDictionary(
        name => name, name => new FeatureDefinition { Name = name, EnabledFor = [new FeatureFilterConfiguration { Name = "AlwaysOn" }] });

    private static readonly Dictionary<string, FeatureDefinition> Off = SageFeatures.All.ToDictionary(
        name => name, name => new FeatureDefinition { Name = name });

    public Task<FeatureDefinition> GetFeatureDefinitionAsync(string featureName) => Task.FromResult(
        configuration.Switches.Features.TryGetValue(featureName, out bool isOn) ? (isOn ? On : Off)[featureName] : null!);

    public async IAsyncEnumerable<FeatureDefinition> GetAllFeatureDefinitionsAsync()
    {
        foreach (string name in SageFeatures.All)
        {
            yield return await GetFeatureDefinitionAsync(name).ConfigureAwait(false);
        }
    }
}
