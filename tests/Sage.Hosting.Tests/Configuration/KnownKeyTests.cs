using System.Reflection;
using Sage.Crypto;

namespace Sage.Hosting.Tests.Configuration;

/// <summary>The table of settings and the options are one.</summary>
[TestFixture]
internal sealed class KnownKeyTests
{
    [Test]
    public void Every_option_is_in_the_table_and_nothing_else() =>
        Assert.That(KnownKeys.All.Select(key => key.Path), Is.EquivalentTo(Reflected("", typeof(SageHostOptions)).Select(option => option.Path)));

    [Test]
    public void Every_kind_fits_the_type_of_the_option()
    {
        Dictionary<string, Type> types = Reflected("", typeof(SageHostOptions)).ToDictionary(option => option.Path, option => option.Type);
        using (Assert.EnterMultipleScope())
        {
            foreach (KnownKey key in KnownKeys.All)
            {
                Type[] fitting = key.Kind switch
                {
                    ValueKind.Flag => [typeof(bool)],
                    ValueKind.Number => [typeof(int), typeof(long)],
                    ValueKind.Duration => [typeof(TimeSpan)],
                    ValueKind.Url => [typeof(Uri)],
                    ValueKind.Choice => [types[key.Path].IsEnum ? types[key.Path] : typeof(Enum)],
                    _ => [typeof(string)],
                };
                Assert.That(fitting, Does.Contain(types[key.Path]), key.Path);
                Assert.That(key.Choices, key.Kind == ValueKind.Choice ? Is.EqualTo(Enum.GetNames(types[key.Path])) : Is.Null, key.Path);
            }
        }
    }

    [Test]
    public void A_connection_string_and_a_credential_are_references() =>
        Assert.That(
            KnownKeys.All.Where(key => key.Path.EndsWith("ConnectionString", StringComparison.Ordinal) || key.Path is "Vault:Token" or "Vault:SecretId").Select(key => key.Kind),
            Has.All.EqualTo(ValueKind.SecretReference).And.Exactly(4).Items);

    /// <summary>The options as keys, by reflection.</summary>
    public static IEnumerable<(string Path, Type Type, PropertyInfo Property)> Reflected(string prefix, Type type)
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            Type value = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            bool isList = value.IsGenericType && value.GetGenericTypeDefinition() == typeof(List<>);
            Type item = isList ? value.GenericTypeArguments[0] : value;
            string path = prefix + property.Name + (isList ? ":*" : "");
            if (item.Namespace == typeof(SageHostOptions).Namespace && !item.IsEnum || item == typeof(SageKeyStoreOptions))
            {
                foreach ((string, Type, PropertyInfo) nested in Reflected(path + ":", item))
                {
                    yield return nested;
                }
            }
            else
            {
                yield return (path, item, property);
            }
        }
    }
}
