using Microsoft.Extensions.Configuration;

namespace Sage.Hosting.Tests.Support;

/// <summary>A source of configuration that tests change while a host runs.</summary>
internal sealed class LiveSettings : ConfigurationProvider, IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Changes values (null takes one away) and has them read again.</summary>
    public void Change(params (string Key, string? Value)[] changes)
    {
        foreach ((string key, string? value) in changes)
        {
            Data.Remove(key);
            if (value is not null)
            {
                Data[key] = value;
            }
        }

        OnReload();
    }
}
