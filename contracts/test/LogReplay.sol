// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Vm} from "forge-std/Vm.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {SageKeyRegistry} from "../src/SageKeyRegistry.sol";

/// Rebuilds every agent from logs alone, as an indexer does.
contract LogReplay {
    struct Document {
        address tokenOwner;
        address owner;
        bool inactive;
        uint32 epoch;
        uint64 version;
        bytes32[] list;
    }

    mapping(uint256 agentId => Document) private _documents;
    mapping(uint256 agentId => mapping(bytes32 keyId => SageKeyRegistry.Key)) private _keys;

    /// Events whose version was not one more than the one before.
    uint256 public gaps;
    mapping(uint256 agentId => uint256) public eventCount;

    function apply_(Vm.Log[] memory logs) external {
        for (uint256 i; i < logs.length; i++) {
            _apply(logs[i]);
        }
    }

    function document(uint256 agentId)
        external
        view
        returns (address owner, bool active, uint64 version, SageKeyRegistry.Key[] memory keys)
    {
        Document storage it = _documents[agentId];
        bool current = it.owner == it.tokenOwner;
        keys = new SageKeyRegistry.Key[](current ? it.list.length : 0);
        for (uint256 i; i < keys.length; i++) {
            keys[i] = _keys[agentId][it.list[i]];
        }
        return (it.tokenOwner, !it.inactive, it.version, keys);
    }

    function _apply(Vm.Log memory entry) private {
        bytes32 topic = entry.topics[0];
        if (topic == IERC721.Transfer.selector) {
            _documents[uint256(entry.topics[3])].tokenOwner = address(uint160(uint256(entry.topics[2])));
            return;
        }
        uint256 agentId = uint256(entry.topics[1]);
        Document storage it = _documents[agentId];
        uint64 version;
        if (topic == SageKeyRegistry.KeyAdded.selector) {
            version = _added(agentId, entry);
        } else if (topic == SageKeyRegistry.KeyRevoked.selector) {
            version = abi.decode(entry.data, (uint64));
            _remove(it.list, entry.topics[2]);
        } else if (topic == SageKeyRegistry.EpochStarted.selector) {
            (it.epoch, version) = abi.decode(entry.data, (uint32, uint64));
            it.owner = address(uint160(uint256(entry.topics[2])));
            delete it.list;
        } else if (topic == SageKeyRegistry.ActiveSet.selector) {
            bool active;
            (active, version) = abi.decode(entry.data, (bool, uint64));
            it.inactive = !active;
        } else {
            return;
        }
        eventCount[agentId]++;
        if (version != it.version + 1) {
            gaps++;
        }
        it.version = version;
    }

    function _added(uint256 agentId, Vm.Log memory entry) private returns (uint64 version) {
        SageKeyRegistry.Key memory key;
        uint256 index;
        (key.keyType, key.purposes, key.proven, index, key.publicKey, key.proof, version) =
            abi.decode(entry.data, (uint8, uint8, bool, uint256, bytes, bytes, uint64));
        if (key.proven) {
            key.proof = "";
        }
        key.keyId = entry.topics[2];
        key.epoch = _documents[agentId].epoch;
        key.addedAt = uint64(block.timestamp);
        _keys[agentId][key.keyId] = key;
        bytes32[] storage list = _documents[agentId].list;
        list.push();
        for (uint256 i = list.length - 1; i > index; i--) {
            list[i] = list[i - 1];
        }
        list[index] = key.keyId;
    }

    function _remove(bytes32[] storage list, bytes32 keyId) private {
        uint256 kept;
        uint256 length = list.length;
        for (uint256 i; i < length; i++) {
            if (list[i] != keyId) {
                list[kept++] = list[i];
            }
        }
        for (; length > kept; length--) {
            list.pop();
        }
    }
}
