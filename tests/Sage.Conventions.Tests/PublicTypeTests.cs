using System.Reflection;
using System.Runtime.CompilerServices;

namespace Sage.Conventions.Tests;

/// <summary>The shape of everything public.</summary>
[TestFixture]
internal sealed class PublicTypeTests
{
    private static readonly string[] Cores = ["Sage.Crypto", "Sage.Did", "Sage.HttpSignatures", "Sage.Session"];

    private static IEnumerable<Type> PublicTypes => Repository.Libraries.SelectMany(assembly => assembly.GetExportedTypes());

    [Test]
    public void Public_classes_are_sealed()
    {
        // Options are left open for frameworks that derive from them.
        IEnumerable<string> open = PublicTypes
            .Where(type => type.IsClass && !type.IsSealed && !type.Name.EndsWith("Options", StringComparison.Ordinal))
            .Select(type => type.FullName!);

        Assert.That(open, Is.Empty);
    }

    [Test]
    public void Nothing_public_is_in_an_internal_namespace()
    {
        IEnumerable<string> leaked = PublicTypes
            .Where(type => type.Namespace is { } name && name.Split('.').Contains("Internal"))
            .Select(type => type.FullName!);

        Assert.That(leaked, Is.Empty);
    }

    [Test]
    public void A_public_type_is_in_the_namespace_of_its_package_or_of_the_framework_it_extends()
    {
        foreach (Assembly assembly in Repository.Libraries)
        {
            string[] allowed = [assembly.GetName().Name!, "Microsoft.Extensions.DependencyInjection", "Microsoft.AspNetCore.Builder"];
            Assert.That(assembly.GetExportedTypes().Select(type => type.Namespace).Distinct(), Is.SubsetOf(allowed));
        }
    }

    [Test]
    public void No_public_type_is_named_like_a_namespace()
    {
        HashSet<string> segments = [.. Repository.Products.SelectMany(name => name.Split('.'))];

        Assert.That(PublicTypes.Select(type => type.Name).Where(segments.Contains), Is.Empty);
    }

    [Test]
    public void Asynchronous_methods_say_so_and_take_a_token_last()
    {
        List<string> offenders = [];
        foreach (MethodInfo method in PublicTypes.Where(type => !typeof(Delegate).IsAssignableFrom(type)).SelectMany(OwnMethods).Where(IsAsynchronous))
        {
            ParameterInfo? last = method.GetParameters().LastOrDefault();
            bool tokenLast = last is { HasDefaultValue: true } && last.ParameterType == typeof(CancellationToken);
            if (!method.Name.EndsWith("Async", StringComparison.Ordinal) || !tokenLast)
            {
                offenders.Add($"{method.DeclaringType!.FullName}.{method.Name}");
            }
        }

        Assert.That(offenders, Is.Empty);
    }

    [Test]
    public void Public_fields_are_constants_or_members_of_enumerations()
    {
        IEnumerable<string> fields = PublicTypes
            .Where(type => !type.IsEnum)
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(field => !field.IsLiteral)
            .Select(field => $"{field.DeclaringType!.FullName}.{field.Name}");

        Assert.That(fields, Is.Empty);
    }

    [Test]
    public void The_cores_stay_within_the_budget_of_public_types()
    {
        int count = Repository.Libraries
            .Where(assembly => Cores.Contains(assembly.GetName().Name))
            .SelectMany(assembly => assembly.GetExportedTypes())
            .Count(type => type.Namespace!.StartsWith("Sage.", StringComparison.Ordinal));

        Assert.That(count, Is.LessThanOrEqualTo(132));
    }

    private static IEnumerable<MethodInfo> OwnMethods(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => !method.IsSpecialName && !method.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Where(method => method.Name != nameof(IAsyncDisposable.DisposeAsync) && !ComesFromTheFramework(method));

    // A method that implements or overrides somebody else's has the signature it was given.
    private static bool ComesFromTheFramework(MethodInfo method)
    {
        if (method.GetBaseDefinition().DeclaringType!.Assembly is { } origin && !Repository.Assemblies.Contains(origin))
        {
            return true;
        }

        Type type = method.DeclaringType!;
        return !type.IsInterface && type.GetInterfaces()
            .Where(contract => !Repository.Assemblies.Contains(contract.Assembly))
            .SelectMany(contract => type.GetInterfaceMap(contract).TargetMethods)
            .Contains(method);
    }

    private static bool IsAsynchronous(MethodInfo method)
    {
        Type result = method.ReturnType.IsGenericType ? method.ReturnType.GetGenericTypeDefinition() : method.ReturnType;
        return result == typeof(Task) || result == typeof(Task<>)
            || result == typeof(ValueTask) || result == typeof(ValueTask<>) || result == typeof(IAsyncEnumerable<>);
    }
}
