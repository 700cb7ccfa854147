namespace Sage.Hosting;

/// <summary>The known settings as a tree of sections.</summary>
internal sealed class KeyTree
{
    private readonly Dictionary<string, KeyTree> children = new(StringComparer.OrdinalIgnoreCase);

    private KeyTree()
    {
    }

    public static KeyTree Root { get; } = Build();

    /// <summary>The setting, if this is one and no section.</summary>
    public KnownKey? Key { get; private set; }

    /// <summary>What every entry of a list is, if this is a list.</summary>
    public KeyTree? Entry { get; private set; }

    public IEnumerable<string> Names => children.Keys;

    public KeyTree? Find(string name) => children.GetValueOrDefault(name);

    private static KeyTree Build()
    {
        KeyTree root = new();
        foreach (KnownKey key in KnownKeys.All)
        {
            KeyTree node = root;
            foreach (string part in key.Path.Split(':'))
            {
                node = part == "*" ? node.Entry ??= new KeyTree() : node.Child(part);
            }

            node.Key = key;
        }

        return root;
    }

    private KeyTree Child(string name)
    {
        if (!children.TryGetValue(name, out KeyTree? child))
        {
            children[name] = child = new KeyTree();
        }

        return child;
    }
}
