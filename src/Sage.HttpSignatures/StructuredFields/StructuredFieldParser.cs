namespace Sage.HttpSignatures.StructuredFields;

/// <summary>The algorithms of RFC 9651 §4.2. Finds where values stand; nothing is decoded or copied here.</summary>
internal ref partial struct StructuredFieldParser : IDisposable
{
    private readonly ReadOnlySpan<char> _text;
    private readonly StructuredFieldLimits _limits;
    private GrowingBuffer<StructuredNode> _nodes;
    private GrowingBuffer<int> _members;
    private int _at;

    public StructuredFieldParser(ReadOnlySpan<char> text, StructuredFieldLimits limits, Span<StructuredNode> nodes, Span<int> members)
    {
        _text = text;
        _limits = limits;
        _nodes = new GrowingBuffer<StructuredNode>(nodes);
        _members = new GrowingBuffer<int>(members);
    }

    /// <summary>The values that were found, those that were overwritten included.</summary>
    public readonly ReadOnlySpan<StructuredNode> Nodes => _nodes.Written;

    /// <summary>The node of each member, in the order of the field.</summary>
    public readonly ReadOnlySpan<int> Members => _members.Written;

    public bool HasDuplicateKeys { get; private set; }

    public bool HasDuplicateParameters { get; private set; }

    private readonly bool AtEnd => _at == _text.Length;

    /// <summary>The next character, or NUL, which no rule accepts, at the end.</summary>
    private readonly char Next => _at < _text.Length ? _text[_at] : '\0';

    public void Dispose()
    {
        _nodes.Dispose();
        _members.Dispose();
    }

    public bool TryParse(StructuredFieldType type)
    {
        if (_text.Length > _limits.FieldLength)
        {
            return false;
        }

        SkipSpaces();
        bool parsed = type switch
        {
            StructuredFieldType.Item => TryItemAlone(),
            StructuredFieldType.List => TryMembers(keyed: false),
            _ => TryMembers(keyed: true),
        };
        SkipSpaces();
        return parsed && AtEnd;
    }

    private bool TryItemAlone()
    {
        _members.Add(0);
        return TryItem(keyOffset: 0, keyLength: 0);
    }

    private bool TryMembers(bool keyed)
    {
        int count = 0;
        while (!AtEnd)
        {
            if (++count > _limits.Members || !(keyed ? TryKeyedMember() : TryListMember()))
            {
                return false;
            }

            SkipOptionalWhiteSpace();
            if (AtEnd)
            {
                return true;
            }

            if (!Take(','))
            {
                return false;
            }

            SkipOptionalWhiteSpace();
            if (AtEnd)
            {
                // A comma at the end promises a member.
                return false;
            }
        }

        return true;
    }

    private bool TryListMember()
    {
        _members.Add(_nodes.Count);
        return TryItemOrInnerList(keyOffset: 0, keyLength: 0);
    }

    private bool TryKeyedMember()
    {
        int keyOffset = _at;
        if (!TryKey(out int keyLength))
        {
            return false;
        }

        int node = _nodes.Count;
        int earlier = FindMember(_text.Slice(keyOffset, keyLength));
        if (earlier < 0)
        {
            _members.Add(node);
        }
        else
        {
            // The later value takes the place of the earlier one (RFC 9651 §4.2.2).
            HasDuplicateKeys = true;
            _members.Written[earlier] = node;
        }

        if (Take('='))
        {
            return TryItemOrInnerList(keyOffset, keyLength);
        }

        AddImpliedTrue(keyOffset, keyLength);
        return TryParameters(node);
    }

    private bool TryItemOrInnerList(int keyOffset, int keyLength) =>
        Next == '(' ? TryInnerList(keyOffset, keyLength) : TryItem(keyOffset, keyLength);

    private bool TryInnerList(int keyOffset, int keyLength)
    {
        int node = _nodes.Count;
        int start = _at++;
        _nodes.Add(new StructuredNode { KeyOffset = keyOffset, KeyLength = checked((byte)keyLength), Offset = start, Kind = StructuredValueKind.InnerList });
        SkipSpaces();
        for (int items = 0; !Take(')'); items++)
        {
            if (items == _limits.InnerListItems || !TryItem(keyOffset: 0, keyLength: 0) || Next is not (' ' or ')'))
            {
                return false;
            }

            SkipSpaces();
        }

        _nodes.Written[node].Length = _at - start;
        _nodes.Written[node].InnerNodes = _nodes.Count - node - 1;
        return TryParameters(node);
    }

    private bool TryItem(int keyOffset, int keyLength)
    {
        int node = _nodes.Count;
        return TryBareItem(keyOffset, keyLength) && TryParameters(node);
    }

    private bool TryParameters(int owner)
    {
        int first = _nodes.Count;
        for (int count = 0; Take(';'); count++)
        {
            SkipSpaces();
            int keyOffset = _at;
            if (count == _limits.Parameters || !TryKey(out int keyLength))
            {
                return false;
            }

            if (!Take('='))
            {
                AddImpliedTrue(keyOffset, keyLength);
            }
            else if (!TryBareItem(keyOffset, keyLength))
            {
                return false;
            }

            MoveOverEarlierParameter(first);
        }

        _nodes.Written[owner].ParameterCount = checked((ushort)(_nodes.Count - first));
        return true;
    }

    private void MoveOverEarlierParameter(int first)
    {
        Span<StructuredNode> parameters = _nodes.Written[first..];
        ReadOnlySpan<char> key = Key(parameters[^1]);
        for (int i = 0; i < parameters.Length - 1; i++)
        {
            if (Key(parameters[i]).Equals(key, StringComparison.Ordinal))
            {
                HasDuplicateParameters = true;
                parameters[i] = parameters[^1];
                _nodes.RemoveLast();
                return;
            }
        }
    }

    private readonly int FindMember(ReadOnlySpan<char> key)
    {
        for (int i = 0; i < _members.Count; i++)
        {
            if (Key(_nodes.Written[_members.Written[i]]).Equals(key, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    private readonly ReadOnlySpan<char> Key(in StructuredNode node) => _text.Slice(node.KeyOffset, node.KeyLength);

    private void AddImpliedTrue(int keyOffset, int keyLength) =>
        _nodes.Add(new StructuredNode { KeyOffset = keyOffset, KeyLength = checked((byte)keyLength), Offset = _at, Kind = StructuredValueKind.Boolean });

    private bool Take(char character)
    {
        bool taken = Next == character;
        _at += taken ? 1 : 0;
        return taken;
    }

    private void SkipSpaces()
    {
        while (Next == ' ')
        {
            _at++;
        }
    }

    private void SkipOptionalWhiteSpace()
    {
        while (Next is ' ' or '\t')
        {
            _at++;
        }
    }
}
