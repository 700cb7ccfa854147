// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SageKeyRegistry} from "../src/SageKeyRegistry.sol";
import {RegistryTest} from "./RegistryTest.sol";

/// Which bytes are keys.
contract PublicKeysTest is RegistryTest {
    uint256 private constant FIELD_25519 = (1 << 255) - 19;

    function test_UnknownTypesAreRefused() public {
        refuse(0, new bytes(33));
        refuse(5, new bytes(32));
        refuse(255, "");
    }

    function test_LengthsArePartOfTheEncoding() public {
        bytes memory point = unsignedSecp256k1(8, 3).publicKey;
        refuse(1, abi.encodePacked(point, hex"00"));
        refuse(1, new bytes(32));
        refuse(2, new bytes(65));
        refuse(1, "");
        refuse(3, new bytes(33));
        refuse(3, new bytes(31));
        refuse(4, new bytes(33));
        refuse(4, "");
    }

    function test_APointBeginsWith2Or3() public {
        bytes memory point = unsignedSecp256k1(8, 3).publicKey;
        bytes1[4] memory prefixes = [bytes1(0x00), 0x01, 0x04, 0x82];
        for (uint256 i; i < prefixes.length; i++) {
            point[0] = prefixes[i];
            refuse(1, point);
        }
    }

    function test_XIsBelowTheFieldAndOnTheCurve() public {
        // x = 1 is on secp256k1; the same number plus the field's order is another encoding of it.
        uint256 p = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f;
        accept(1, abi.encodePacked(hex"02", uint256(1)));
        refuse(1, abi.encodePacked(hex"02", p + 1));
        refuse(1, abi.encodePacked(hex"02", p));
        refuse(1, abi.encodePacked(hex"02", uint256(5))); // 5^3 + 7 is no square
        refuse(1, abi.encodePacked(hex"02", uint256(0)));
        uint256 q = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff;
        accept(2, abi.encodePacked(hex"02", uint256(0))); // b is a square
        refuse(2, abi.encodePacked(hex"02", q));
        accept(2, abi.encodePacked(hex"03", uint256(5)));
        refuse(2, abi.encodePacked(hex"02", uint256(1)));
    }

    function test_Ed25519IsCanonical() public {
        accept(3, little(FIELD_25519 - 1));
        refuse(3, little(FIELD_25519));
        accept(3, little((FIELD_25519 - 1) | (1 << 255)));
        refuse(3, little(FIELD_25519 | (1 << 255)));
        refuse(3, little(type(uint256).max));
    }

    function test_X25519IsCanonicalAndNotOfSmallOrder() public {
        accept(4, little(2));
        accept(4, little(9));
        accept(4, little(FIELD_25519 - 2));
        refuse(4, little(0));
        refuse(4, little(1));
        refuse(4, little(FIELD_25519 - 1));
        refuse(4, little(FIELD_25519));
        refuse(4, little(FIELD_25519 + 1));
        refuse(4, little(9 | (1 << 255)));
        refuse(4, hex"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800");
        refuse(4, hex"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157");
    }

    function test_AP256SignatureHas64BytesWhateverThePrecompileMakesOfMore() public {
        vm.etch(address(0x100), hex"60015f5260205ff3"); // answers 1 to everything
        SageKeyRegistry.NewKey memory key = p256(registry, agentId, 8, 3);
        key.proof = abi.encodePacked(key.proof, hex"00");
        vm.expectRevert(
            abi.encodeWithSelector(SageKeyRegistry.InvalidProof.selector, registry.keyIdOf(2, key.publicKey))
        );
        vm.prank(owner);
        registry.addKeys(agentId, one(key));
    }

    function testFuzz_TheParityBitIsKept(uint256 secret) public {
        secret = boundPrivateKey(secret);
        SageKeyRegistry.NewKey memory key = secp256k1(registry, agentId, secret, 3);
        assertEq(registry.getKey(agentId, add(key)).publicKey, key.publicKey);
        key.publicKey[0] ^= 0x01; // the negated point: a key, but not the one that signed
        key.proof = signSecp256k1(secret, registry.proofMessage(agentId, 1, 3, key.publicKey));
        vm.expectRevert(
            abi.encodeWithSelector(SageKeyRegistry.InvalidProof.selector, registry.keyIdOf(1, key.publicKey))
        );
        vm.prank(owner);
        registry.addKeys(agentId, one(key));
        key = p256(registry, agentId, bound(secret, 1, P256_ORDER - 1), 3);
        assertEq(registry.getKey(agentId, add(key)).publicKey, key.publicKey);
    }

    function testFuzz_KeyIdsAreTheHashOfTypeAndEncoding(uint8 keyType, bytes calldata publicKey) public view {
        assertEq(registry.keyIdOf(keyType, publicKey), keccak256(bytes.concat(bytes1(keyType), publicKey)));
    }

    /// A good encoding without a proof gets as far as the proof (or is stored, if its type has none).
    function accept(uint8 keyType, bytes memory publicKey) private {
        if (keyType == 4) {
            add(SageKeyRegistry.NewKey(4, 4, publicKey, ""));
            return;
        }
        vm.expectRevert(
            abi.encodeWithSelector(SageKeyRegistry.InvalidProof.selector, registry.keyIdOf(keyType, publicKey))
        );
        vm.prank(owner);
        registry.addKeys(agentId, one(SageKeyRegistry.NewKey(keyType, 3, publicKey, "")));
    }

    function refuse(uint8 keyType, bytes memory publicKey) private {
        vm.expectRevert(abi.encodeWithSelector(SageKeyRegistry.MalformedKey.selector, keyType, publicKey));
        vm.prank(owner);
        registry.addKeys(
            agentId,
            one(SageKeyRegistry.NewKey(keyType, keyType == 4 ? 4 : 3, publicKey, new bytes(keyType == 4 ? 0 : 64)))
        );
    }

    function little(uint256 number) private pure returns (bytes memory result) {
        result = new bytes(32);
        for (uint256 i; i < 32; i++) {
            result[i] = bytes1(uint8(number >> (8 * i)));
        }
    }
}
