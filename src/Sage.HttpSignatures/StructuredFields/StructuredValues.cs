namespace Sage.HttpSignatures.StructuredFields;

/// <summary>The items of an inner list or the parameters of a value, for foreach; allocates nothing.</summary>
internal readonly struct StructuredValues
{
    private readonly StructuredField _field;
    private readonly int _first;
    private readonly int _nodes;

    internal StructuredValues(StructuredField field, int first, int nodes)
    {
        _field = field;
        _first = first;
        _nodes = nodes;
    }

    public int Count
    {
        get
        {
            int count = 0;
            foreach (StructuredValue _ in this)
            {
                count++;
            }

            return count;
        }
    }

    public Enumerator GetEnumerator() => new(_field, _first, _nodes);

    /// <summary>Goes from one value to the next, over the parameters that belong to it.</summary>
    internal struct Enumerator(StructuredField owner, int first, int nodes)
    {
        private int _node = -1;

        public readonly StructuredValue Current => new(owner, _node);

        public bool MoveNext()
        {
            _node = _node < 0 ? first : _node + 1 + owner.Nodes[_node].ParameterCount;
            return _node < first + nodes;
        }
    }
}
