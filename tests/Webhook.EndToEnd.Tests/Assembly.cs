// One API server at a time: two of them and a compiler do not fit on a small machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: Trait("Category", "EndToEnd")]
