using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Sage.Hosting.Tests.Configuration;

/// <summary>Writes docs/operations/configuration.md: keys from the table, types and defaults from the options, meanings from their comments.</summary>
internal static partial class ConfigurationPage
{
    public static string Render()
    {
        StringBuilder page = new(Introduction);
        foreach (IGrouping<string, KnownKey> section in KnownKeys.All.GroupBy(key => key.Path.Contains(':', StringComparison.Ordinal) ? key.Path.Split(':')[0] : ""))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {(section.Key.Length == 0 ? "The agent" : $"Sage:{section.Key}")}\n\n")
                .Append("| Key | Type | Default | Meaning | Counts without a restart | Secret |\n|---|---|---|---|---|---|\n");
            foreach (KnownKey key in section)
            {
                page.Append(Row(key)).Append('\n');
            }
        }

        return page.Append(Ending).ToString();
    }

    private static string Row(KnownKey key)
    {
        (string _, Type _, PropertyInfo property) = KnownKeyTests.Reflected("", typeof(SageHostOptions)).Single(option => option.Path == key.Path);
        string secret = key.Kind switch
        {
            ValueKind.SecretReference => "by reference",
            ValueKind.UrlOrSecretReference => "by reference, if it is one",
            _ => "no",
        };
        return $"| `Sage:{key.Path.Replace("*", "0", StringComparison.Ordinal)}` | {Type(key)} | {Default(key, property)} | {Meaning(property)}{Allowed(property)} | {(key.Reloads ? "yes" : "no")} | {secret} |";
    }

    private static string Type(KnownKey key) => key.Kind switch
    {
        ValueKind.Flag => "`true`, `false`",
        ValueKind.Number => "number",
        ValueKind.Duration => "duration",
        ValueKind.Url => "URL",
        ValueKind.Did => "DID",
        ValueKind.Choice => string.Join(", ", key.Choices!.Select(choice => $"`{choice}`")),
        ValueKind.SecretReference => "reference",
        ValueKind.UrlOrSecretReference => "URL or reference",
        _ => "text",
    };

    private static string Default(KnownKey key, PropertyInfo property)
    {
        object? value = Owner(key.Path) is { } owner ? property.GetValue(owner) : null;
        return value switch
        {
            null or ICollection => "none",
            bool flag => flag ? "`true`" : "`false`",
            TimeSpan duration => $"`{duration}`",
            long number => number == 0 ? "none" : $"`{number}`",
            _ => string.Create(CultureInfo.InvariantCulture, $"`{value}`"),
        };
    }

    /// <summary>The options, as made by their defaults, that a setting is one of.</summary>
    private static object? Owner(string path)
    {
        object owner = new SageHostOptions();
        foreach (string part in path.Split(':')[..^1])
        {
            if (part == "*")
            {
                continue;
            }

            object next = owner.GetType().GetProperty(part)!.GetValue(owner)!;
            if (next is IList list)
            {
                Type item = list.GetType().GenericTypeArguments[0];
                if (item == typeof(string))
                {
                    return owner;
                }

                next = Activator.CreateInstance(item)!;
            }

            owner = next;
        }

        return owner;
    }

    private static string Meaning(PropertyInfo property)
    {
        XDocument comments = XDocument.Load(Path.Combine(AppContext.BaseDirectory, property.DeclaringType!.Assembly.GetName().Name + ".xml"));
        string name = $"P:{property.DeclaringType.FullName}.{property.Name}";
        XElement summary = comments.Descendants("member").Single(member => member.Attribute("name")!.Value == name).Element("summary")!;
        foreach (XElement reference in summary.Descendants().ToArray())
        {
            string text = reference.Attribute("cref")?.Value.Split('.')[^1] ?? reference.Attribute("langword")?.Value ?? reference.Value;
            reference.ReplaceWith($"`{text}`");
        }

        return WhiteSpace().Replace(summary.Value, " ").Trim();
    }

    private static string Allowed(PropertyInfo property) =>
        property.GetCustomAttribute<NumberRangeAttribute>()?.Allowed is { } numbers ? $" Must be {numbers}."
        : property.GetCustomAttribute<DurationRangeAttribute>()?.Allowed is { } durations ? $" Must be {durations}."
        : "";

    private const string Introduction = """
        # Configuration

        Everything that a host reads from the section `Sage`, made from the options themselves; a test fails when this page is not what they say.

        Settings come from where .NET takes them: `appsettings.json`, `appsettings.{Environment}.json`, environment variables, the command line, the later over the earlier. In an environment variable two underscores stand for a colon: `Sage__Store__Kind=PostgreSql`. Entries of a list are numbered: `Sage__Sessions__Accept__0`.

        All settings are checked before anything listens. A key that does not exist, a value that cannot be read and settings that contradict each other stop the start, all of them said at once. No message repeats a value.

        A duration has the form `hours:minutes:seconds`, with days in front (`1.00:00:00`). Sizes are in bytes.

        ## Secrets

        A secret is never written into the configuration. A setting refers to it:

        | Reference | Where the secret is |
        |---|---|
        | `file:/run/secrets/pg` | in a file of at most 64 KiB; one line ending at its end does not count. A file that others may change is refused, one that others may read is named in the log |
        | `env:PG_CONNECTION` | in an environment variable, which other processes of the account can read |
        | `vault:secret/data/sage#pg` | in a HashiCorp Vault: the member `pg` of the secret `sage` in the mount `secret`, a key-value engine of version 2 |

        References are followed once, when the host starts. A host program can add places with an `ISecretSource`. Vault was tested against its documented HTTP API, not against a server: a token, or an AppRole login; namespaces; no redirect is followed; the token needs `read` on the path.

        ## Changes while the host runs

        Settings that count without a restart are marked below; so do the levels under `Logging`. When another setting changes, one line in the log names the keys that wait for a restart (event 9001). A configuration that is wrong changes nothing and is reported (event 9002).

        """;

    private const string Ending = """

        ## An example

        ```json
        {
          "Sage": {
            "Did": "did:sage:ethereum:0x5fbdb2315678afecb367f032d93f642f64180aa3",
            "KeyStore": { "Path": "/var/lib/sage/keys.json", "PassphraseFile": "/run/secrets/passphrase" },
            "Registry": { "Kind": "File", "Path": "/var/lib/sage/agents.json" },
            "Sessions": { "Accept": [ "did:sage:ethereum:0xe7f1725e7734ce288f8367e1bb143e90bb3f0512" ] },
            "Store": { "Kind": "PostgreSql", "ConnectionString": "file:/run/secrets/pg" },
            "Nonces": { "Kind": "Redis", "ConnectionString": "file:/run/secrets/redis" },
            "Features": { "RequireCookie": false }
          }
        }
        ```

        """;

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
